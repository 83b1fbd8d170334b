package main

import (
	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
	admissiondefaults "k8s.io/kubernetes/pkg/apis/admissionregistration/v1"
	appsdefaults "k8s.io/kubernetes/pkg/apis/apps/v1"
	autoscalingdefaults "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	batchdefaults "k8s.io/kubernetes/pkg/apis/batch/v1"
	coredefaults "k8s.io/kubernetes/pkg/apis/core/v1"
	discoverydefaults "k8s.io/kubernetes/pkg/apis/discovery/v1"
	networkingdefaults "k8s.io/kubernetes/pkg/apis/networking/v1"
	rbacdefaults "k8s.io/kubernetes/pkg/apis/rbac/v1"
	schedulingdefaults "k8s.io/kubernetes/pkg/apis/scheduling/v1"
	storagedefaults "k8s.io/kubernetes/pkg/apis/storage/v1"
)

// newScheme knows the kinds of every group with defaults, and Kubernetes' own
// defaulters for them.
func newScheme() (*runtime.Scheme, error) {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, coredefaults.RegisterDefaults,
		appsv1.AddToScheme, appsdefaults.RegisterDefaults,
		batchv1.AddToScheme, batchdefaults.RegisterDefaults,
		autoscalingv2.AddToScheme, autoscalingdefaults.RegisterDefaults,
		networkingv1.AddToScheme, networkingdefaults.RegisterDefaults,
		rbacv1.AddToScheme, rbacdefaults.RegisterDefaults,
		storagev1.AddToScheme, storagedefaults.RegisterDefaults,
		schedulingv1.AddToScheme, schedulingdefaults.RegisterDefaults,
		discoveryv1.AddToScheme, discoverydefaults.RegisterDefaults,
		admissionv1.AddToScheme, admissiondefaults.RegisterDefaults,
	} {
		if err := add(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}
